DROP TABLE tcv_methods;
DROP TABLE service_search;
DROP TABLE organisation_search;
DROP TABLE services;
DROP TABLE organisations;
DROP TABLE codes;
