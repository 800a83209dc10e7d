// A service provider on openid-client, a certified client that is not ours:
// every step a line, a false one ends the run. Where a person has to be asked,
// it prints "GO <address>" and reads from stdin where the browser came back to.
import * as client from 'openid-client'
import { createInterface } from 'node:readline'
import assert from 'node:assert/strict'

const given = JSON.parse(process.env.ACCORD_INTEROP)
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const told = what => console.log('OK ' + what)
const browse = async url => {
  console.log('GO ' + url.href)
  return new URL((await input.next()).value)
}
const refused = async (promise, error) => {
  await assert.rejects(promise, e => e.error === error || e.cause?.[0]?.parameters?.error === error || JSON.stringify(e.cause ?? '').includes(error))
}

const discover = (metadata, authentication) => client.discovery(
  new URL(given.issuer), given.clientId, { id_token_signed_response_alg: 'ES256', ...metadata }, authentication,
  { execute: [client.allowInsecureRequests] })

async function request (extra) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const parameters = {
    redirect_uri: given.redirectUri, scope: given.scope, state, nonce, code_challenge_method: 'S256',
    code_challenge: await client.calculatePKCECodeChallenge(verifier), ...given.parameters, ...extra
  }
  return { parameters, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
}

async function data (config, tokens, options) {
  const url = new URL(given.data)
  const headers = new Headers({ accept: 'application/json' })
  const answer = await client.fetchProtectedResource(config, tokens.access_token, url, 'GET', undefined, headers, options)
  assert.equal(answer.status, 200)
  return (await answer.json()).data
}

async function fapi () {
  const key = await crypto.subtle.importKey('jwk', given.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const config = await discover({}, client.PrivateKeyJwt({ key, kid: given.key.kid }))
  const server = config.serverMetadata()
  assert.equal(server.authorization_response_iss_parameter_supported, true)
  told('discovery')
  const options = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) }
  const { parameters, checks } = await request(given.later)
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters, options)
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
  told('pushed request, private_key_jwt, DPoP')
  const back = await browse(url)
  const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, options)
  assert.equal(tokens.token_type, 'dpop')
  assert.ok(tokens.grant_id && tokens.receipt && tokens.claims().sub)
  told('code for tokens, iss, at_hash')
  assert.equal((await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, options)).sub, tokens.claims().sub)
  told('userinfo')
  assert.ok(await data(config, tokens, options))
  told('data')
  const active = await client.tokenIntrospection(config, tokens.access_token)
  assert.ok(active.active && active.cnf.jkt && active.sub === tokens.claims().sub)
  told('introspection')
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, options)
  assert.notEqual(renewed.access_token, tokens.access_token)
  assert.ok(await data(config, renewed, options))
  told('refresh')
  await client.tokenRevocation(config, renewed.access_token)
  assert.equal((await client.tokenIntrospection(config, renewed.access_token)).active, false)
  await client.tokenRevocation(config, tokens.refresh_token)
  await refused(client.refreshTokenGrant(config, tokens.refresh_token, undefined, options), 'invalid_grant')
  told('revocation')
  await refused(client.authorizationCodeGrant(config, back, checks, undefined, options), 'invalid_grant')
  told('a code is good once')
}

async function oidc () {
  const config = await discover({}, client.ClientSecretBasic(given.secret))
  told('discovery')
  const none = await request({ prompt: 'none' })
  await refused(client.authorizationCodeGrant(config, await browse(client.buildAuthorizationUrl(config, none.parameters)), none.checks), 'login_required')
  told('prompt=none')
  const { parameters, checks } = await request({ max_age: '600' })
  const tokens = await client.authorizationCodeGrant(config, await browse(client.buildAuthorizationUrl(config, parameters)), { ...checks, maxAge: 600 })
  assert.equal(tokens.token_type, 'bearer')
  told('code for tokens, client_secret_basic, max_age')
  assert.equal((await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).sub, tokens.claims().sub)
  told('userinfo')
  assert.ok(await data(config, tokens))
  told('data')
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true)
  await client.tokenRevocation(config, tokens.access_token)
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false)
  told('introspection, revocation')
  const bye = await browse(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: given.bye, state: 'a b' }))
  assert.equal(bye.href, given.bye + '?state=a+b')
  told('logout')
}

await (given.profile === 'fapi2' ? fapi() : oidc())
console.log('DONE')
process.exit(0)
