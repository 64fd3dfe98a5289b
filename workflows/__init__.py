"""The procedures as durable workflows, one file per phase. Start reading at dossier.py."""
