"""Grading 评级与额度: applications for a grade and a limit, the credit master, and grades that fall (2-5.3, 2-5.4)."""
