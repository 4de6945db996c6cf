//! mattermost
