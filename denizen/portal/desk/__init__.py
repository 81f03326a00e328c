"""The desk: pages of the staff. Every view asks for a permit, every act goes through a command that notes it."""
