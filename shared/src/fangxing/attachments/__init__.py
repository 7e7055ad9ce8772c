"""Attachments 附件: what people send with a document, photos above all.

What comes in is looked into before it is kept; its bytes lie outside the database, in a folder or an S3 store; it is
read by whoever sees a document it is linked to. Linked to nothing after a day, it is removed.
"""
