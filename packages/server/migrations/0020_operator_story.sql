-- What became of an operator's sales: its breaker as each process saw it, and what people switched. Never changed, only added to.
CREATE TABLE operator_story (
  story_no    bigint      GENERATED ALWAYS AS IDENTITY,
  operator_id text        NOT NULL,
  at          timestamptz NOT NULL,
  subject     text        NOT NULL,
  from_state  text        NOT NULL,
  to_state    text        NOT NULL,
  why         text        NOT NULL,
  -- The process whose breaker it is, or the person.
  by_whom     text        NOT NULL,
  failures    integer,
  calls       integer,
  CONSTRAINT operator_story_pkey PRIMARY KEY (story_no),
  CONSTRAINT operator_story_operator FOREIGN KEY (operator_id) REFERENCES operators,
  CONSTRAINT operator_story_subject CHECK (subject IN ('breaker', 'sales', 'refunds')),
  CONSTRAINT operator_story_counts CHECK ((failures IS NULL) = (calls IS NULL) AND failures <= calls)
);

CREATE INDEX operator_story_of ON operator_story (operator_id, story_no DESC);
