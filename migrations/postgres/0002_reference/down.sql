DROP TABLE tcv_methods;
DROP TABLE services;
DROP TABLE organisations;
DROP TABLE codes;
