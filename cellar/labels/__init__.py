"""Photos of labels: made safe (`sanitise`), kept (`store`) and sent to the browser (`serve`)."""
