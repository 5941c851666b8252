"""What goes wrong with real servers, provoked."""
