async def test_p(scene):
    for p,q in (("/tasks",{"subject":"a\0b"}),("/decisions",{"subject":"a\0b"}),("/complaints",{"customer_id":scene.mine, "after":"WyJhIiwiYiJd"}),("/returns",{"sort":"value","after":"WyJhIiwiYiJd"})):
        r=await scene.service.get(p,as_=scene.as_("gm"),**q); print(p, r.status_code,r.text)
    r=await scene.post("rep1","/complaints",{"customer_id":scene.mine,"kind":"complaint","channel":"phone","text":"x"*1000000}); print(r.status_code,r.text[:200])
    print([ (p["key"],p["value"]) for p in (await scene.service.get("/policies",as_=scene.as_("gm"))).json()])
    r=await scene.post("gm","/policies/complaint.grumble_decider/versions",{"value":{"plain_grumble":["quality"],"other":["sales_manager"]},"effective_from":"2026-03-02"}); print(r.status_code,r.text)
