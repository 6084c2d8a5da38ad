"""Many banks of one period taken together: distribution, groups, ranking, who needs attention."""
