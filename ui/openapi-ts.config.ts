import { defineConfig } from '@hey-api/openapi-ts';

/** The API's own description is the input; its output is committed, and compared by `npm run generated`. */
export default defineConfig({
  input: '../docs/openapi.json',
  output: { path: 'src/api/generated' },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', baseUrl: false, throwOnError: true },
    '@hey-api/sdk',
  ],
});
