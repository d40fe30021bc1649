"""The revisions, oldest first by number. What has been released is never edited again."""
