INSERT INTO customers (email, name, born, notes) VALUES
  ('jane@acme.com', 'Jane Doe', '1987-03-14', 'prefers the phone: +49 30 901820'),
  ('omar@acme.com', 'Omar Haddad', NULL, NULL),
  ('mei@acme.com', 'Mei Lin', '1990-11-02', 'moved to Lyon');
INSERT INTO orders (customer_id, total, placed_at) VALUES
  (1, 12.50, '2026-03-01 10:00+00'), (1, 99.00, '2026-03-11 09:30+00'), (3, 7.25, '2026-04-02 18:45+00');
