"""What becomes of a packet, hop by hop, in the order in which it meets them."""
