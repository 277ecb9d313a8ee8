"""Mail that leaves: written with what caused it, sent later."""
