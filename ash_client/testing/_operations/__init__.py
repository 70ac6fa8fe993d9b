"""The operations of the server, a group a module, and the table of all of them."""
