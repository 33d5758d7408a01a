DROP TABLE tcv_measurements;
