// Requests to the Actuator endpoints; nothing else is ever asked. Every one of them can be made with curl.

const paths = new Map(
  document.querySelector('meta[name="pubsub-endpoints"]').content
    .split(' ').filter(Boolean).map((pair) => pair.split('=')));
const csrf = { header: null, token: null };

/** A request that failed, with what the endpoint said about it. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Whether that endpoint is exposed. */
export const isExposed = (endpoint) => paths.has(endpoint);

export const get = (endpoint, ...rest) => request('GET', endpoint, ...rest);
export const post = (endpoint, segment, body) => request('POST', endpoint, segment, null, body ?? {});
export const remove = (endpoint, segment, query) => request('DELETE', endpoint, segment, query);

/** The methods that access permits there; null where it cannot be told. */
export async function allowed(endpoint, segment) {
  if (!isExposed(endpoint)) {
    return null;
  }
  try {
    const response = await fetch(address(endpoint, segment), { method: 'OPTIONS', credentials: 'same-origin' });
    const allow = response.ok ? response.headers.get('Allow') : null;
    return allow === null ? null : allow.split(',').map((method) => method.trim());
  } catch {
    return null;
  }
}

function address(endpoint, segment, query) {
  const filters = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return paths.get(endpoint)
    + (segment ? `/${encodeURIComponent(segment)}` : '')
    + (filters.length ? `?${new URLSearchParams(filters)}` : '');
}

async function request(method, endpoint, segment, query, body) {
  if (!isExposed(endpoint)) {
    throw new Problem(404, `The endpoint ${endpoint} is not exposed (management.endpoints.web.exposure.include).`);
  }
  let response = await send(method, address(endpoint, segment, query), body);
  if (response.status === 403 && method !== 'GET') {
    await renewToken(); // the session may have changed since
    response = await send(method, address(endpoint, segment, query), body);
  }
  return answer(response);
}

async function send(method, url, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    if (csrf.header === null) {
      await renewToken();
    }
    if (csrf.header) {
      headers[csrf.header] = csrf.token;
    }
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  try {
    return await fetch(url, {
      method, headers, credentials: 'same-origin', cache: 'no-store', redirect: 'manual',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, 'The application does not answer.');
  }
}

/**
 * Spring Security's token, which the console's own endpoint hands out in two headers. An application that keeps its
 * token in a cookie for scripts (CookieCsrfTokenRepository, csrf.spa()) expects the cookie's value, once the other has
 * been refused.
 */
async function renewToken() {
  const before = csrf.token;
  const page = await fetch(location.pathname, { method: 'HEAD', credentials: 'same-origin', cache: 'no-store' });
  csrf.header = page.headers.get('PubSub-Csrf-Header') ?? '';
  csrf.token = page.headers.get('PubSub-Csrf-Token');
  const cookie = document.cookie.split('; ').find((one) => one.startsWith('XSRF-TOKEN='));
  if (csrf.header && before !== null && cookie) {
    csrf.token = decodeURIComponent(cookie.substring(cookie.indexOf('=') + 1));
  }
}

async function answer(response) {
  if (response.type === 'opaqueredirect' || response.status === 401) {
    throw new Problem(401, 'You are not signed in any more. Reload the page to sign in.');
  }
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  const body = isJson && response.status !== 204 ? await response.json() : null;
  if (response.ok) {
    return body;
  }
  if (response.status === 403) {
    throw new Problem(403, 'You are not permitted to do this.');
  }
  throw new Problem(response.status, body?.detail ?? `The application answered with status ${response.status}.`);
}
