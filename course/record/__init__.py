"""What learners did: tables, answers, progress, accounts. No Flask and no HTML here."""
