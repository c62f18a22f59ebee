import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { encryptIp } from "../../src/transforms/network/encrypt-ip.ts";
import { maskDomain } from "../../src/transforms/network/mask-domain.ts";
import { maskEmail } from "../../src/transforms/network/mask-email.ts";
import { maskUrl } from "../../src/transforms/network/mask-url.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { columnOf, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const problems = (rule: Rule, column: Parameters<typeof columnOf>[0] = "text") =>
  rule.transform.checkColumn(rule.options, columnOf(column));
const NAME = "(?:[bdfghjklmnprstvz][aeio]){7}";

describe("maskDomain", () => {
  it("puts a name under .example, and keeps the class and the hosts that everybody has", async () => {
    const [plain, www, mail, own] = await maskValues(maskDomain(), [
      "acme.com",
      "WWW.Acme.com",
      "mail.acme.co.uk",
      "berlin.acme.com",
    ]);
    expect(plain).toMatch(new RegExp(`^${NAME}\\.com\\.example$`));
    expect(www).toBe(`www.${plain}`);
    expect(mail).toMatch(new RegExp(`^mail\\.${NAME}\\.co\\.uk\\.example$`));
    expect(own).toMatch(new RegExp(`^${NAME}\\.${plain}$`));
    expect(await maskOne(maskDomain({ keepSuffix: false }), "www.acme.com")).toBe(`www.${plain!.split(".")[0]}.example`);
    expect(await maskOne(maskDomain({ keepFreeMail: true }), "gmail.com")).toBe("gmail.com.example");
  });

  it("is the same in any case and script, and leaves localhost", async () => {
    const [one, other] = await maskValues(maskDomain(), ["bücher.de", "xn--bcher-kva.de"]);
    expect(one).toBe(other);
    expect(await maskOne(maskDomain(), "localhost")).toBe("localhost");
    expect(await maskOne(maskDomain(), "acme.com.")).toMatch(/\.com\.example\.$/);
    for (const value of ["not a host", "-a.com", "1.2.3.4", "a..b", "https://acme.com"])
      await expect(maskOne(maskDomain(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });
});

describe("maskEmail", () => {
  it("gives an address that nobody has, the same for one mailbox", async () => {
    const masked = await maskValues(maskEmail(), [
      "jane@acme.com",
      "Jane@ACME.com",
      " jane+shop@acme.com",
      "ann@acme.com",
      "",
      null,
    ]);
    expect(masked[0]).toMatch(/^[a-z0-9._]+@example\.(com|net|org)$/);
    expect(masked.slice(1, 3)).toEqual([masked[0], masked[0]]);
    expect(masked[3]).not.toBe(masked[0]);
    expect(masked.slice(4)).toEqual(["", null]);
  });

  it("agrees with fake, unique or not", async () => {
    const values = ["jane@acme.com", "o'brien@x.org", "müller@bücher.de"];
    expect(await maskValues(maskEmail(), values)).toEqual(await maskValues(fake("internet.email"), values));
    expect(await maskValues(maskEmail({ unique: true }), values)).toEqual(
      await maskValues(fake("internet.email", { unique: true }), values),
    );
  });

  it("maps a domain to one, and keeps its class where that is asked for", async () => {
    const [one, other, far] = await maskValues(maskEmail({ host: "map" }), ["jane@acme.com", "ann@Acme.com", "jo@mit.edu"]);
    expect(one).toMatch(new RegExp(`@${NAME}\\.example$`));
    expect(other!.split("@")[1]).toBe(one!.split("@")[1]);
    expect(far!.split("@")[1]).not.toBe(one!.split("@")[1]);
    expect(one!.split("@")[1]).toBe(await maskOne(maskDomain({ keepSuffix: false }), "acme.com"));
    const classes = await maskValues(maskEmail({ host: "class" }), ["jo@mit.edu", "jane@gmail.com", "a@b.gov.uk"]);
    expect(classes[0]).toMatch(/\.edu\.example$/);
    expect(classes[1]).toMatch(/@gmail\.com\.example$/);
    expect(classes[2]).toMatch(/\.gov\.uk\.example$/);
    expect(await maskOne(maskEmail({ host: "keep" }), "Jane@Acme.com")).toMatch(/@acme\.com$/);
  });

  it("drops, masks or keeps a tag", async () => {
    const of = async (plusTags: "drop" | "mask" | "keep") => (await maskOne(maskEmail({ plusTags }), "jane+shop@acme.com"))!;
    const plain = await of("drop");
    expect(plain).not.toContain("+");
    expect(await of("keep")).toBe(plain.replace("@", "+shop@"));
    expect(await of("mask")).toMatch(/\+[a-z2-9]{6}@/);
    expect(await maskOne(maskEmail({ plusTags: "keep" }), "jane@acme.com")).not.toContain("+");
  });

  it("masks what stands before the @ by a rule", async () => {
    const value = "Jane.Doe@acme.com";
    expect((await maskOne(maskEmail({ local: redact(), host: "map" }), value))!).toMatch(/^\*{8}@/);
    const local = await maskOne(scramble(), "Jane.Doe");
    expect((await maskOne(maskEmail({ local: scramble() }), value))!.split("@")[0]).toBe(local);
    expect(problems(maskEmail({ local: scramble(), unique: true }))).toHaveLength(1);
  });

  it("reads quoted names, hosts by address and international domains", async () => {
    for (const value of ['"jane doe"@acme.com', '"a@b"@acme.com', "jane@[192.0.2.1]", "jane@bücher.de"])
      expect(await maskOne(maskEmail(), value)).toMatch(/@example\./);
    expect(await maskOne(maskEmail({ local: scramble() }), '"jane doe"@acme.com')).toMatch(/^"[a-z]{4} [a-z]{3}"@/);
    for (const value of ["jane", "@acme.com", "jane@", "jane doe@acme.com", "a@b@c.com", "jane@-x-.com"])
      await expect(maskOne(maskEmail(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("keeps different addresses apart in a unique column, also those of one mailbox, and fits it", async () => {
    const values = Array.from({ length: 2000 }, (_, index) => `user${index % 1000}${index < 1000 ? "" : "+x"}@acme.com`);
    for (const rule of [maskEmail({ unique: true }), maskEmail({ unique: true, host: "class", plusTags: "mask" })]) {
      const masked = await maskValues(rule, values, { column: { type: "varchar(60)", maxLength: 60 } });
      expect(new Set(masked).size).toBe(2000);
      expect(Math.max(...masked.map((value) => value!.length))).toBeLessThanOrEqual(60);
    }
    expect(problems(maskEmail({ unique: true, host: "map" }), { type: "varchar(30)", maxLength: 30 })).toHaveLength(1);
    expect(await maskInBatches(maskEmail(), values.slice(0, 20), 3)).toEqual(await maskValues(maskEmail(), values.slice(0, 20)));
  });

  it("keeps addresses apart in a unique column that differ in spaces alone, which a padded column does not tell apart", async () => {
    const values = ["jane@acme.com", "jane@acme.com ", " jane@acme.com"];
    expect(new Set(await maskValues(maskEmail({ unique: true }), values)).size).toBe(3);
    const padded = { kind: "text", type: "character(60)", isPadded: true, maxLength: 60 } as const;
    const [one, other] = await maskValues(maskEmail({ unique: true }), values.slice(0, 2), { column: padded });
    expect(other).toBe(one);
  });

  it("keeps its promises on addresses", async () => {
    const values = [...Array.from({ length: 500 }, (_, index) => `user.${index}+${index}@site${index % 9}.co.uk`), "", null];
    for (const rule of [
      maskEmail(),
      maskEmail({ unique: true }),
      maskEmail({ host: "class", plusTags: "mask" }),
      maskEmail({ host: "map", local: scramble() }),
    ])
      expect(await checkTransform(rule, { column: "text", values })).toEqual([]);
  });
});

describe("user agents", () => {
  it("are fake's matter, the same for the same one in any batch", async () => {
    const values = Array.from(
      { length: 50 },
      (_, index) => `Mozilla/5.0 (X11; Linux x86_64; rv:${index}.0) Gecko/20100101 Firefox/${index}.0`,
    );
    const masked = await maskValues(fake("internet.userAgent"), values);
    expect(await maskInBatches(fake("internet.userAgent"), values, 7)).toEqual(masked);
    for (const [index, value] of masked.entries()) {
      expect(value).toMatch(/^\w+\/\d/);
      expect(value).not.toBe(values[index]);
    }
  });
});

describe("maskUrl", () => {
  const SAMPLE = "https://jane:pw@shop.acme.com:8443/users/4711/photo.png?mail=jane%40acme.com&page=2#top";

  it("takes the end of a name for no file: /jane.doe has no extension", async () => {
    for (const [url, left] of [
      ["https://acme.com/jane.doe", "doe"],
      ["https://acme.com/in/jane.smith?x=1", "smith"],
      ["/j.k.rowe", "rowe"],
    ])
      expect(await maskOne(maskUrl(), url!)).not.toContain(left);
    expect(await maskOne(maskUrl(), "/a/photo.PNG")).toMatch(/^\/[a-z]\/[a-z]{5}\.PNG$/);
    expect(await maskOne(maskUrl(), "/a/x.tar.gz")).toMatch(/^\/[a-z]\/[a-z]\.[a-z]{3}\.gz$/);
  });

  it("keeps scheme, port, shape, extension and names of parameters", async () => {
    const host = await maskOne(maskDomain(), "shop.acme.com");
    const masked = (await maskOne(maskUrl(), SAMPLE))!;
    expect(masked).toMatch(
      new RegExp(
        `^https://${host!.replaceAll(".", "\\.")}:8443/[a-z]{5}/\\d{4}/[a-z]{5}\\.png\\?mail=[a-z]{4}%40[a-z]{4}\\.[a-z]{3}&page=\\d$`,
      ),
    );
    for (const part of ["acme", "users", "4711", "photo", "jane"]) expect(masked).not.toContain(part);
  });

  it("takes parameters apart where a page has escaped the ampersand, and leaves it as it is written", async () => {
    const rule = maskUrl({ host: "keep", path: "keep", fragment: "keep" });
    const plain = (await maskOne(rule, "https://acme.com/?a=1&email=jane@acme.com&jane"))!;
    for (const written of ["&amp;", "&AMP;", "&amp;amp;", "&#38;", "&#x26;"])
      expect(await maskOne(rule, `https://acme.com/?a=1${written}email=jane@acme.com${written}jane#top`)).toBe(
        `${plain.replaceAll("&", () => written)}#top`,
      );
    expect(await maskOne(rule, "https://acme.com/?a=1&#top")).toMatch(/^https:\/\/acme\.com\/\?a=\d&#top$/);
  });

  it("does with each part what it is told", async () => {
    const rule = maskUrl({ host: "keep", path: "ids", query: "keep", fragment: "keep", userInfo: "mask" });
    expect(await maskOne(rule, SAMPLE)).toMatch(
      /^https:\/\/[a-z]{4}:[a-z]{2}@shop\.acme\.com:8443\/users\/\d{4}\/photo\.png\?mail=jane%40acme\.com&page=2#top$/,
    );
    expect(await maskOne(maskUrl({ path: "drop", query: "drop", host: "map" }), SAMPLE)).toMatch(
      new RegExp(`^https://shop\\.${NAME}\\.example:8443/$`),
    );
    expect(await maskOne(maskUrl({ host: "keep", fragment: "mask" }), "https://acme.com#top")).toMatch(
      /^https:\/\/acme\.com#[a-z]{3}$/,
    );
  });

  it("reads addresses for hosts, paths, and hosts without a scheme", async () => {
    const [v4, v6] = await maskValues(encryptIp(), ["198.51.100.17", "2a00:1450::8"], {
      column: { kind: "network", type: "inet" },
    });
    expect(await maskOne(maskUrl(), "http://198.51.100.17:80/")).toBe(`http://${v4}:80/`);
    expect(await maskOne(maskUrl(), "http://[2a00:1450::8]/")).toBe(`http://[${v6}]/`);
    expect(await maskOne(maskUrl(), "/users/4711?q=jane+doe")).toMatch(/^\/[a-z]{5}\/\d{4}\?q=[a-z]{4}\+[a-z]{3}$/);
    expect(await maskOne(maskUrl(), "www.acme.com/about")).toMatch(/^www\..*\.com\.example\/[a-z]{5}$/);
    expect(await maskOne(maskUrl(), "//cdn.acme.com/x.js")).toMatch(/^\/\/cdn\..*\.example\/[a-z]\.js$/);
    expect(await maskOne(maskUrl(), "http://localhost:3000/a")).toMatch(/^http:\/\/localhost:3000\/[a-z]$/);
    for (const value of [
      "mailto:jane@acme.com",
      "data:text/plain,x",
      "not a url",
      "javascript:alert(1)",
      "https://a b/",
      "/%zz",
      "https://-/",
    ])
      await expect(maskOne(maskUrl(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("keeps its promises on URLs", async () => {
    const values = [
      ...Array.from(
        { length: 400 },
        (_, index) => `https://a${index % 7}.acme${index % 50}.com/users/${1000 + index}?id=${index}`,
      ),
      "",
      "/",
      null,
    ];
    for (const rule of [maskUrl(), maskUrl({ path: "ids", query: "drop", host: "map" })])
      expect(await checkTransform(rule, { column: "text", values })).toEqual([]);
    expect(await maskInBatches(maskUrl(), values.slice(0, 20), 3)).toEqual(await maskValues(maskUrl(), values.slice(0, 20)));
  });
});
