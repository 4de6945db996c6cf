//! What people see: Leptos pages and parts, and the door (Desk) through which they ask and order.
