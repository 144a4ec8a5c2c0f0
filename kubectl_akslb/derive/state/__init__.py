"""What stands in Azure while Services are reconciled; the one mutable thing in the derivation."""
