mod drafting;
