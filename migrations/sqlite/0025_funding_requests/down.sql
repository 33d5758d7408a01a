DROP TABLE funding_sources;
DROP TABLE expenditure_reports;
DROP TABLE tranches;
DROP TABLE funding_reviews;
DROP TABLE eligibility_results;
DROP TABLE funding_request_transitions;
DROP TABLE funding_requests;
