DROP TABLE attribution_shares;
DROP TABLE attributions;
DROP TABLE values_of_time;
DROP TABLE service_volumes;
