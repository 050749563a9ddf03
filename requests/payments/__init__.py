"""How money is asked for and told of: VietQR, bank statements, the payment platform. No request is changed here."""
