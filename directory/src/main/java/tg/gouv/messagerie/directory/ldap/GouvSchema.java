package tg.gouv.messagerie.directory.ldap;

import java.util.List;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.ObjectClass;
import org.apache.directory.api.ldap.model.schema.ObjectClassTypeEnum;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.api.ldap.model.schema.UsageEnum;
import org.apache.directory.api.ldap.schema.loader.JarLdifSchemaLoader;
import org.apache.directory.api.ldap.schema.manager.impl.DefaultSchemaManager;

/** The schema: the standard classes, those of NIS, and our own below an arc that nobody else can have (ITU-T X.667, UUID). */
final class GouvSchema {
    private static final String ARC = "2.25.166316008668700461740978184981045808705";
    private static final String SCHEMA = "other";

    private static final String IA5 = "1.3.6.1.4.1.1466.115.121.1.26";
    private static final String NAME = "1.3.6.1.4.1.1466.115.121.1.12";
    private static final String UTF8 = "1.3.6.1.4.1.1466.115.121.1.15";
    private static final String INTEGER = "1.3.6.1.4.1.1466.115.121.1.27";

    private GouvSchema() {}

    /** Loads it, out of the jars. */
    static SchemaManager load() {
        try {
            DefaultSchemaManager schema = new DefaultSchemaManager(new JarLdifSchemaLoader());
            schema.loadAllEnabled();
            schema.enable("nis", "rfc2307bis", SCHEMA);
            attribute(
                    schema,
                    1,
                    "gouvMailAlternateAddress",
                    "Other addresses that deliver to it",
                    IA5,
                    "caseIgnoreIA5Match",
                    "caseIgnoreIA5SubstringsMatch");
            attribute(
                    schema,
                    2,
                    "gouvPositionDN",
                    "Positions that the person holds now",
                    NAME,
                    "distinguishedNameMatch",
                    null);
            attribute(
                    schema, 3, "gouvEntityDN", "The entity to which it belongs", NAME, "distinguishedNameMatch", null);
            attribute(
                    schema,
                    4,
                    "gouvParentDN",
                    "The entity of which the entity is a part",
                    NAME,
                    "distinguishedNameMatch",
                    null);
            attribute(
                    schema, 5, "gouvRoomType", "room or resource, as calendars call it", UTF8, "caseIgnoreMatch", null);
            attribute(schema, 6, "gouvRoomCapacity", "For how many people", INTEGER, "integerMatch", null);
            attribute(
                    schema,
                    7,
                    "gouvRoomFeature",
                    "What the room has",
                    UTF8,
                    "caseIgnoreMatch",
                    "caseIgnoreSubstringsMatch");
            attribute(schema, 8, "gouvRoomOpening", "When it may be used, in a week", UTF8, "caseIgnoreMatch", null);
            attribute(
                    schema, 9, "gouvRoomBookersDN", "The group that may book it", NAME, "distinguishedNameMatch", null);
            AttributeType memberOf = described(
                    "1.2.840.113556.1.2.102",
                    "memberOf",
                    "Groups of which it is, as Active Directory names them",
                    NAME,
                    "distinguishedNameMatch");
            demand(schema, schema.add(memberOf), "memberOf");
            auxiliary(
                    schema,
                    1,
                    "gouvPerson",
                    "A civil servant",
                    List.of("gouvMailAlternateAddress", "gouvPositionDN", "gouvEntityDN", "memberOf"));
            auxiliary(
                    schema,
                    2,
                    "gouvPosition",
                    "A place in an entity, which people hold",
                    List.of("displayName", "mail", "gouvEntityDN"));
            auxiliary(
                    schema,
                    3,
                    "gouvEntity",
                    "A ministry, one of its bodies or services",
                    List.of("displayName", "gouvParentDN"));
            auxiliary(
                    schema,
                    4,
                    "gouvFunction",
                    "A mailbox of a function",
                    List.of("displayName", "mail", "gouvMailAlternateAddress"));
            auxiliary(
                    schema,
                    5,
                    "gouvGroup",
                    "A group of civil servants",
                    List.of("displayName", "mail", "gouvEntityDN"));
            auxiliary(
                    schema,
                    6,
                    "gouvRoom",
                    "A room, or a thing that is lent",
                    List.of(
                            "displayName",
                            "mail",
                            "l",
                            "gouvEntityDN",
                            "gouvRoomType",
                            "gouvRoomCapacity",
                            "gouvRoomFeature",
                            "gouvRoomOpening",
                            "gouvRoomBookersDN"));
            return schema;
        } catch (Exception e) {
            throw new IllegalStateException("the schema of LDAP cannot be loaded", e);
        }
    }

    private static void attribute(
            DefaultSchemaManager schema,
            int number,
            String name,
            String says,
            String syntax,
            String equality,
            @org.jspecify.annotations.Nullable String substring)
            throws LdapException {
        AttributeType type = described(ARC + ".1." + number, name, says, syntax, equality);
        if (substring != null) {
            type.setSubstringOid(substring);
        }
        demand(schema, schema.add(type), name);
    }

    private static AttributeType described(String oid, String name, String says, String syntax, String equality) {
        AttributeType type = new AttributeType(oid);
        type.setNames(name);
        type.setDescription(says);
        type.setSyntaxOid(syntax);
        type.setEqualityOid(equality);
        type.setUsage(UsageEnum.USER_APPLICATIONS);
        type.setUserModifiable(true);
        type.setSchemaName(SCHEMA);
        return type;
    }

    private static void auxiliary(DefaultSchemaManager schema, int number, String name, String says, List<String> may)
            throws LdapException {
        ObjectClass type = new ObjectClass(ARC + ".2." + number);
        type.setNames(name);
        type.setDescription(says);
        type.setType(ObjectClassTypeEnum.AUXILIARY);
        type.setSuperiorOids(List.of("top"));
        type.setMayAttributeTypeOids(may);
        type.setSchemaName(SCHEMA);
        demand(schema, schema.add(type), name);
    }

    private static void demand(DefaultSchemaManager schema, boolean added, String name) {
        if (!added) {
            throw new IllegalStateException(name + ": " + schema.getErrors());
        }
    }
}
