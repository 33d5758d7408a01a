// What a front end needs around the generated types: login, retries, problems, versions, lists. Copy it.

import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./generated/schema.js";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** A refusal. Switch on `problem.code`; show `problem.detail`; place `problem.errors` by their `pointer`. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail} (request ${problem.request_id})`);
  }
}

interface Answer<T> {
  data?: T;
  error?: Problem;
  response: Response;
}

/** The body of a success and its version, to be sent back as `If-Match`; a refusal is thrown. */
export async function record<T>(call: Promise<Answer<T>>): Promise<{ data: T; etag: string }> {
  const { data, error, response } = await call;
  if (error !== undefined) throw new Refused(error);
  // Only a 204 has no body, and then T is undefined.
  return { data: data as T, etag: response.headers.get("ETag") ?? "" };
}

/** The body of a success; a refusal is thrown. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await record(call)).data;
}

/** All items of a list, one page after the other. */
export async function* pages<T>(
  page: (cursor: { cursor?: string }) => Promise<Answer<{ items: T[]; next_cursor: string | null }>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: { cursor?: string } = {};
  for (;;) {
    const { items, next_cursor } = await body(page(cursor));
    yield* items;
    if (next_cursor === null) return;
    cursor = { cursor: next_cursor };
  }
}

/** Sends a request again when that is safe: after a lost connection or a 503, never after a refusal. */
async function patientFetch(request: Request): Promise<Response> {
  const isSafe = request.method === "GET" || request.headers.has("Idempotency-Key");
  for (let attempt = 1; ; attempt += 1) {
    const isLast = !isSafe || attempt === 4;
    try {
      const response = await fetch(request.clone());
      if (response.status !== 503 || isLast) return response;
      const seconds = Number(response.headers.get("Retry-After") ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    } catch (error) {
      if (isLast) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
    }
  }
}

/** Every POST gets a key of its own, so that sending it twice does its work once. */
const idempotency: Middleware = {
  onRequest({ request, schemaPath }) {
    // Logins take none: their answers must not be stored.
    const takesKey = request.method === "POST" && !schemaPath.startsWith("/v1/auth/") && schemaPath !== "/v1/me/password";
    if (takesKey && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
    return request;
  },
};

/** A client for anyone. */
export function anonymous(baseUrl: string, language: "bn" | "en" = "en") {
  const api = createClient<paths>({
    baseUrl,
    fetch: patientFetch,
    headers: { "Accept-Language": language },
    // Several values of a filter stand between commas: status=submitted,screening.
    querySerializer: { array: { style: "form", explode: false } },
  });
  api.use(idempotency);
  return api;
}

export type Api = ReturnType<typeof anonymous>;

/** A client for who logs in. An access token lives for ten minutes; a refresh token is good once and gives the next. */
export async function login(baseUrl: string, email: string, password: string, language: "bn" | "en" = "en"): Promise<Api> {
  const open = anonymous(baseUrl, language);
  let tokens = keep(await body(open.POST("/v1/auth/login", { body: { email, password } })));
  let refreshing: Promise<void> | undefined;

  const authorization: Middleware = {
    async onRequest({ request }) {
      if (Date.now() > tokens.staleAt) {
        // One refresh for all requests that wait for it.
        refreshing ??= body(open.POST("/v1/auth/refresh", { body: { refresh_token: tokens.refreshToken } }))
          .then((next) => { tokens = keep(next); })
          .finally(() => { refreshing = undefined; });
        await refreshing;
      }
      request.headers.set("Authorization", `Bearer ${tokens.accessToken}`);
      return request;
    },
  };
  const api = anonymous(baseUrl, language);
  api.use(authorization);
  return api;
}

function keep(tokens: Schemas["TokensView"]) {
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    // Half a minute early, for clocks and slow lines.
    staleAt: Date.now() + (tokens.expires_in - 30) * 1000,
  };
}
