import * as authenticationv1 from '@client-ts/api/authentication/v1';
import * as authorizationv1 from '@client-ts/api/authorization/v1';
import { row, Walk } from '../row.js';

const resourceAttributes = { namespace: Walk, verb: 'get', resource: 'pods' };

/** What can only be created, and answers in its status. */
export const reviews = [
  row(authenticationv1.selfSubjectReviews, (c) => c.authenticationV1().selfSubjectReviews(), {}),
  row(authenticationv1.tokenReviews, (c) => c.authenticationV1().tokenReviews(), { spec: { token: 'nobody' } }),
  row(authorizationv1.localSubjectAccessReviews, (c) => c.authorizationV1().localSubjectAccessReviews(Walk), {
    metadata: { namespace: Walk },
    spec: { user: 'walk', resourceAttributes },
  }),
  row(authorizationv1.selfSubjectAccessReviews, (c) => c.authorizationV1().selfSubjectAccessReviews(), {
    metadata: {},
    spec: { resourceAttributes },
  }),
  row(authorizationv1.selfSubjectRulesReviews, (c) => c.authorizationV1().selfSubjectRulesReviews(), {
    spec: { namespace: Walk },
  }),
  row(authorizationv1.subjectAccessReviews, (c) => c.authorizationV1().subjectAccessReviews(), {
    metadata: {},
    spec: { user: 'walk', resourceAttributes },
  }),
];
