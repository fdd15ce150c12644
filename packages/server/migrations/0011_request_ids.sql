-- For the question what became of a request, by the id that its answer gave.
CREATE INDEX sale_operations_request ON sale_operations (project_id, request_id);
CREATE INDEX refund_operations_request ON refund_operations (project_id, request_id);
