// Called before the identity is stored: it has no id yet.
local name(traits) =
  if 'name' in traits && 'last' in traits.name then traits.name.last else null;

function(ctx) {
  email: ctx.identity.traits.email,
  last_name: name(ctx.identity.traits),
}
