DROP TABLE service_tcv;
DROP TABLE pilot_effects;
