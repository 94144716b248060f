"""The addresses of the cellar."""

from django.urls import path

from cellar.views import bottles, counting, editing, history, home, notes, photos, places, stock, suggest, wines

urlpatterns = [
    path("", home.home, name="home"),
    path("tonight/", home.tonight, name="tonight"),
    path("more/", home.more, name="more"),
    path("wines/", wines.wine_list, name="wine_list"),
    path("wines/add/", editing.wine_add, name="wine_add"),
    path("wines/<uuid:wine_id>/", wines.wine, name="wine"),
    path("wines/<uuid:wine_id>/edit/", editing.wine_edit, name="wine_edit"),
    path("wines/<uuid:wine_id>/archive/", editing.wine_archive, name="wine_archive"),
    path("wines/<uuid:wine_id>/restore/", editing.wine_restore, name="wine_restore"),
    path("wines/<uuid:wine_id>/delete/", editing.wine_delete, name="wine_delete"),
    path("wines/<uuid:wine_id>/check-in/", stock.check_in, name="check_in"),
    path("wines/<uuid:wine_id>/check-out/", stock.check_out, name="check_out"),
    path("wines/<uuid:wine_id>/open/", stock.open_bottle, name="open_bottle"),
    path("wines/<uuid:wine_id>/move/", stock.move, name="move"),
    path("wines/<uuid:wine_id>/deliver/", stock.deliver, name="deliver"),
    path("wines/<uuid:wine_id>/drink/", stock.drink, name="drink"),
    path("wines/<uuid:wine_id>/plus/", stock.plus, name="plus"),
    path("wines/<uuid:wine_id>/photos/add/", photos.photo_add, name="photo_add"),
    path("wines/<uuid:wine_id>/notes/add/", notes.note_add, name="note_add"),
    path("notes/<uuid:note_id>/", notes.note_edit, name="note_edit"),
    path("notes/<uuid:note_id>/delete/", notes.note_delete, name="note_delete"),
    path("bottles/<uuid:bottle_id>/", bottles.bottle, name="bottle"),
    path("labels/kept/<str:token>/", photos.kept_photo, name="kept_photo"),
    path("labels/<uuid:label_id>/remove/", photos.photo_remove, name="photo_remove"),
    path("labels/<uuid:label_id>/<slug:variant>/", photos.label, name="label"),
    path("history/", history.history, name="history"),
    path("history/<uuid:action>/undo/", stock.undo, name="undo"),
    path("locations/", places.locations, name="locations"),
    path("locations/add/", places.location_add, name="location_add"),
    path("locations/none/", places.no_place, name="no_place"),
    path("locations/<uuid:location_id>/", places.location, name="location"),
    path("locations/<uuid:location_id>/edit/", places.location_edit, name="location_edit"),
    path("locations/<uuid:location_id>/delete/", places.location_delete, name="location_delete"),
    path("locations/<uuid:location_id>/count/", counting.location_count, name="location_count"),
    path("locations/<uuid:location_id>/slot/", places.fill_slot, name="fill_slot"),
    path("suggest/<slug:name>/", suggest.suggest, name="suggest"),
]
