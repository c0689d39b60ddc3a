"""Groups of commands, one file each; cli.py adds them to `medparser`."""
