"""How fast the engine is: each module measures one subject; `python -m bench` runs them."""
