"""The columns of CellarTracker's tables."""

from __future__ import annotations

from cellar.imports.formats.knowledge.scores import CODES

# What only one table has; the first that fits names the table.
FINGERPRINTS = (
    ("bottles", ("BottleState",)),
    ("consumed", ("iConsumed",)),
    ("purchase", ("iPurchase",)),
    ("availability", ("Available", "Linear")),
    ("inventory", ("Barcode", "StoreName")),
    ("list", ("WineBarcode",)),
    # Those that lack the column by which they are usually known.
    ("consumed", ("Consumed", "ShortType")),
    ("purchase", ("Delivered", "Remaining", "StoreName")),
    ("inventory", ("StoreName", "PurchaseDate", "BottleNote")),
    ("notes", ("iNote",)),
    ("tag", ("ListName",)),
)
# The tables that say most about a wine come first: what they say is what later ones are completed by.
RICHEST = ("inventory", "list", "availability", "purchase", "pending", "notes", "tag", "browser", "bottles", "consumed")
# Words that mean "nothing" in each table, folded.
BLANK = frozenset({"unknown", "none", "n/a", "(n/a)", "(none)", "(unknown)", "-"})
# What the tables say of bottles: of a row without any it is listed.
OF_BOTTLES = (
    "Location",
    "Bin",
    "Size",
    "BottleSize",
    "Price",
    "NativePrice",
    "BottleCost",
    "Store",
    "StoreName",
    "PurchaseDate",
    "DeliveryDate",
    "BottleNote",
    "PurchaseNote",
    "OrderNumber",
    "Barcode",
    "ConsumptionDate",
    "ConsumptionNote",
    "ConsumptionRevenue",
)
PENDING = frozenset({"(pending)", "pending"})
NUMBERS = (
    "Price", "NativePrice", "Valuation", "BottleCost", "ExchangeRate", "CT", "CScore", "MY", "PScore", "Value",
    "CTValue", "NativeRevenue", "MaxPrice",
)  # fmt: skip
COUNTS = ("Quantity", "TotalQuantity", "Pending")
COMMUNITY = ("CT", "CScore")
CRITICS = tuple(code for code in CODES if code not in COMMUNITY)

_ALL = (
    "iWine WineBarcode Barcode Quantity TotalQuantity Pending Location Bin Size BottleSize Price Valuation Value "
    "MyValue WBValue CTValue MenuPrice Currency ExchangeRate NativePrice NativePriceCurrency StoreName Store "
    "PurchaseDate DeliveryDate BottleNote PurchaseNote Vintage Wine SortWine Locale Country Region SubRegion "
    "Appellation Producer SortProducer Type Color Category Varietal MasterVarietal Designation Vineyard CT MY "
    "CNotes PNotes CScore PScore BeginConsume EndConsume WindowSource UPC LikeVotes LikePercent LikeIt AllocateTo "
    "Source BottleCost BottleCostCurrency Consumed Purchases Inventory LikeScore"
)
ALL = frozenset(_ALL.split()) | {
    name for code in CODES for name in (code, f"{code}Web", f"{code}Sort", f"{code}Begin", f"{code}End")
}
