import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig(
	{ ignores: ['build/', 'node_modules/'] },
	js.configs.recommended,
	{
		files: ['examples/*.mjs'],
		languageOptions: { globals: { AbortSignal: 'readonly', console: 'readonly', process: 'readonly' } },
	},
	{
		files: ['**/*.ts'],
		extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
		languageOptions: { parserOptions: { project: './tsconfig.json' } },
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			curly: 'error',
			eqeqeq: 'error',
			'max-lines': ['error', { max: 140, skipBlankLines: true, skipComments: true }],
			'no-console': 'error',
		},
	},
	// A table, as long as there are settings.
	{ files: ['config/settings.ts'], rules: { 'max-lines': 'off' } },
);
