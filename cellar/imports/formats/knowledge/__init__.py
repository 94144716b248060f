"""What readers of foreign files know about wine: kinds, names, scores, windows, and what columns are called."""
