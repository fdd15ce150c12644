import type { Edited, EditRefusal } from '../projects/projects.ts';
import { UsageError } from './command.ts';

function says(projectId: number, refusal: EditRefusal): string {
  switch (refusal.why) {
    case 'no_project':
      return `there is no project ${projectId}`;
    case 'already_rotating':
      return `project ${projectId} has two already; retire one (the newest is ${refusal.secretNo}) before a third is made`;
    case 'not_rotating':
      return `project ${projectId} has only one; rotate makes a second`;
    case 'no_such_secret':
      return `project ${projectId} has no secret of that number; project show lists them`;
    case 'promoted_already':
      return `secret ${refusal.secretNo} signs already`;
    case 'not_promoted':
      return `secret ${refusal.secretNo} still signs what the platform sends; promote the other one first`;
  }
}

/** What was done; throws a UsageError for a refusal. */
export function done<Result>(projectId: number, edited: Edited<Result>): Result {
  if (edited.kind === 'refused') throw new UsageError(says(projectId, edited.refusal));
  return edited.result;
}
