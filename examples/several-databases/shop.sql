CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email varchar(200) NOT NULL, city text);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id), total numeric(10, 2) NOT NULL);
INSERT INTO customers VALUES
  (1, 'Ana Weber', 'ana.weber@acme.example', 'Bonn'),
  (2, 'Tom Becker', 'tom.becker@acme.example', 'Kassel'),
  (3, 'Mia Okafor', 'mia.okafor@acme.example', NULL);
INSERT INTO orders VALUES (10, 1, 19.90), (11, 1, 5.00), (12, 3, 240.00);
