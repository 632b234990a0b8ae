package tg.gouv.messagerie.platform.dav;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import tg.gouv.messagerie.platform.xml.XmlElement;
import tg.gouv.messagerie.platform.xml.XmlName;
import tg.gouv.messagerie.platform.xml.XmlRefused;

/**
 * What a client asks of properties (RFC 4918 section 9.1).
 *
 * @param names of properties, in their order: all that is wanted, or what is wanted beside all
 */
public record PropFind(Wanted wanted, Set<XmlName> names) {
    /** Which properties. */
    public enum Wanted {
        /** Those of RFC 4918 with their values, and what was named beside them. */
        ALL,
        /** The names of whatever there is. */
        NAMES,
        /** Those that were named. */
        THESE
    }

    public PropFind {
        names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /**
     * Reads a request's body; none asks for all.
     *
     * @throws XmlRefused if it is no such request (section 9.1: 400)
     */
    public static PropFind read(byte[] body) {
        if (body.length == 0) {
            return new PropFind(Wanted.ALL, Set.of());
        }
        XmlElement root = XmlElement.read(body);
        if (!root.name().equals(DavNames.dav("propfind"))) {
            throw new XmlRefused("its root is not DAV: propfind");
        }
        // section 17: what is not known is passed over
        if (root.child(DavNames.dav("propname")).isPresent()) {
            return new PropFind(Wanted.NAMES, Set.of());
        }
        if (root.child(DavNames.dav("allprop")).isPresent()) {
            return new PropFind(Wanted.ALL, names(root, "include"));
        }
        if (root.child(DavNames.dav("prop")).isEmpty()) {
            throw new XmlRefused("it names no properties: prop, allprop and propname are not there");
        }
        return new PropFind(Wanted.THESE, names(root, "prop"));
    }

    private static Set<XmlName> names(XmlElement root, String list) {
        Set<XmlName> names = new LinkedHashSet<>();
        root.child(DavNames.dav(list)).ifPresent(it -> it.children().forEach(each -> names.add(each.name())));
        return names;
    }
}
