"""A program that draws diagrams: Mermaid as JSON comes in, SVG as JSON or the reason why not goes out.

The renderer can loop without end, and holds Python's lock while it does. Here it ends alone.
"""

import json
import resource
import sys


def main(seconds: int) -> None:
    """Draw for at most *seconds* of the processor, which waiting for a turn does not use up."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    import mmdr  # behind the limit

    try:
        drawn = [mmdr.render(source).svg() for source in json.load(sys.stdin)]
    except ValueError as error:
        sys.exit(str(error))
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
