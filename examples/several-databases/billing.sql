CREATE TABLE invoices (id int PRIMARY KEY, customer_id int NOT NULL, payer_email varchar(200) NOT NULL, amount decimal(10, 2) NOT NULL);
INSERT INTO invoices VALUES
  (700, 1, 'ana.weber@acme.example', 24.90),
  (701, 3, 'mia.okafor@acme.example', 240.00);
