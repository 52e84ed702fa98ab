// Moesif's document to Segment's traits and context: the table of docs, without policies.

const date = (v) => {
    if (typeof v !== "string") return v === null ? null : undefined;
    // Seven fraction digits and no zone occur; both are read as UTC milliseconds.
    const text = v.length > 24 ? v.slice(0, 23) : v;
    const time = Date.parse(text.endsWith("Z") ? text : text + "Z");
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};
const text = (v) => (typeof v === "string" || v === null ? v : undefined);
const object = (v) => (typeof v === "object" ? v : undefined);

// They go along with other changes and cause no message.
export const riding = new Set(["modifiedTime", "lastSeenTime", "last24HourAggResults", "userAgent"]);

export function mapUser(id, s, companyOf) {
    let name = text(s.name);
    if (name === undefined && s.first_name) name = `${s.first_name} ${s.last_name ?? ""}`.trim();
    return {
        id,
        createdAt: date(s.created),
        modifiedTime: date(s.modified_time),
        firstSeenTime: date(s.first_seen_time),
        lastSeenTime: date(s.last_seen_time),
        name,
        email: text(s.email),
        username: text(s.user_name),
        company: s.company ? mapCompany(s.company) : s.company_id ? companyOf(s.company_id) : undefined,
        campaign: object(s.campaign),
        clearbit: object(s.clearbit),
        last24HourAggResults: object(s.last_24_hour_agg_results),
        metadata: object(s.metadata),
        userAgent: object(s.user_agent),
    };
}

export function mapCompany(s) {
    return {
        id: String(s.company_id),
        created: date(s.created),
        modifiedTime: date(s.modified_time),
        firstSeenTime: date(s.first_seen_time),
        lastSeenTime: date(s.last_seen_time),
        ipAddress: text(s.ip_address),
        companyDomain: text(s.company_domain ?? s.domain_name),
        ttfhw_s: s.ttfhw_s,
        metadata: object(s.metadata),
    };
}

export function contextOf(s) {
    const geo = s.geo_ip;
    return {
        ip: s.ip_address ?? geo?.ip,
        location: geo && {
            city: geo.city_name,
            country: geo.country_name,
            region: geo.region_name,
            latitude: geo.latitude,
            longitude: geo.longitude,
        },
        timezone: geo?.timezone,
        userAgent: s.user_agent_string,
        active: false,
        library: { name: "peer", version: "1.0.0" },
    };
}

// The traits as texts, each by itself: compared and stored so. Key order of nested objects counts, as it does in most such programs.
export function textsOf(traits) {
    const texts = {};
    for (const name in traits) {
        const value = traits[name];
        if (value !== undefined && value !== null) texts[name] = JSON.stringify(value);
    }
    return texts;
}

// What differs, as the text of an object; nothing when only riding traits do.
export function difference(before, now) {
    let changed = "";
    let causes = false;
    for (const name in now) {
        if (before[name] === now[name]) continue;
        changed += `${changed ? "," : ""}"${name}":${now[name]}`;
        causes ||= !riding.has(name);
    }
    for (const name in before) {
        if (name in now) continue;
        changed += `${changed ? "," : ""}"${name}":null`;
        causes ||= !riding.has(name);
    }
    return causes ? `{${changed}}` : undefined;
}
