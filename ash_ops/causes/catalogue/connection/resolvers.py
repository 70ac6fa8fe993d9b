"""Names that another resolver than the VPC's was asked for, and answers that some server of tools owes."""

from typing import Final

from ash_ops.causes.base import Step

_OTHER_RESOLVER: Final = r"~\blookup [\w.-]{3,200}amazonaws\.com(?:\.cn)? on (?!169\.254\.169\.253:|(?:\d{1,3}\.){3}2:)\d"
"""The VPC's own resolver is at its second address, or at 169.254.169.253."""

ASK_THAT_RESOLVER: Final = (
    Step(
        "See how the regions are written",
        "aws ec2 describe-regions --all-regions --query 'Regions[].RegionName'",
        when=_OTHER_RESOLVER,
        decides=True,
    ),
)
NOT_THE_VPCS: Final = (
    Step(
        "Another resolver than the VPC's was asked, and knows no such name: correct the region in it (AWS_REGION, region of the profile or of the tool's configuration), or, if it is right, the resolver of that machine",
        when=_OTHER_RESOLVER,
        decides=True,
    ),
)

_TOOL_SERVER: Final = r"~\bmcp error -32001\b"

SERVER_OF_TOOLS: Final = (
    Step(
        "The MCP server did not answer that request in time: read what it writes to stderr, start its command by hand and see where it waits (a download, a sign-in, a slow tool), or let the client wait longer (timeout of the request in the SDK; MCP_TIMEOUT and MCP_TOOL_TIMEOUT, in milliseconds, in Claude Code)",
        when=_TOOL_SERVER,
        decides=True,
    ),
)
READ_THE_SERVER_OF_TOOLS: Final = (
    Step(
        "Ask the same server by hand: its tools are listed within seconds, or it says why not",
        "npx @modelcontextprotocol/inspector --cli <command> --method tools/list",
        when=_TOOL_SERVER,
        decides=True,
    ),
)
