"""What `manage.py check DOMAIN` looks at after a deployment: a module a group of lines, a function a line.

`lines.py` knows all of them, `line.py` how one is run, `deployed.py` what it may ask. Nothing here runs on Lambda.
"""
