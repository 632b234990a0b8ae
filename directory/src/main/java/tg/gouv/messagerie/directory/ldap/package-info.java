/**
 * The directory over LDAP: Apache Directory's codec, sessions, schema and interceptors over the entries in PostgreSQL. The only package
 * that knows Apache Directory.
 */
@NullMarked
package tg.gouv.messagerie.directory.ldap;

import org.jspecify.annotations.NullMarked;
