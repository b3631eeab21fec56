import { asset } from "fresh/runtime";
import { define } from "@/lib/http/state.ts";
import { LANGUAGE } from "@/lib/ui/locale.ts";
import { t } from "@/lib/ui/strings.ts";
import { statusOf, themeOf } from "./(_pages)/page_context.ts";

export default define.page(function App({ Component, req, state, error }) {
  const theme = themeOf(req.headers);
  const title = error ? t.room.pageTitle(t.error.title(statusOf(error))) : state?.title ?? t.place;
  return (
    <html lang={LANGUAGE} dir="ltr" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <title>{title}</title>
        <meta name="description" content={t.landing.about} />
        <meta name="theme-color" content={THEME_COLORS[theme]} />
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        <link rel="manifest" href={asset("/manifest.webmanifest")} />
        <link rel="stylesheet" href={asset("/tokens.css")} />
        <link rel="stylesheet" href={asset("/base.css")} />
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});

/** The themes' background colours, in a notation that every browser's own bars understand. */
const THEME_COLORS = { dark: "#110d0c", light: "#fefdfc", violet: "#140d24", contrast: "#000000" } as const;
