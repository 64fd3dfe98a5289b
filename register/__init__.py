"""The register: where entries, states, invoices, parties and documents are kept, and how they are read."""
