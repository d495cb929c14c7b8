"""The same weights elsewhere: in other frameworks, and in files that other programs read; one file a purpose."""
