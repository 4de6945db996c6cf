//! Alarm sources: reads their wire and closes the alarm where it came from.
